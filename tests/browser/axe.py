"""What axe finds wrong with a page: by all its rules, and the contrast of each look once.

To measure the contrast of every text takes axe four times as long as all the rest together. Most
texts look like others: it measures one of each look, and a look that was good on no second page.
"""

from axe_playwright_python.base import AXE_SCRIPT
from axe_playwright_python.sync_playwright import AxeResults
from playwright.sync_api import Error, Page

LOOK = r"""async (known) => {
  // What stands elsewhere than the page's flow would put it may stand on anything.
  const isMoved = ({ position, top, left, transform, marginTop, marginBottom }) =>
    /absolute|fixed|sticky/.test(position) ||
    (position === "relative" && `${top} ${left}` !== "0px 0px") ||
    transform !== "none" || `${marginTop} ${marginBottom}`.includes("-");
  const behind = new Map([[null, ""]]);
  const backdrop = (element) => {
    if (!behind.has(element)) {
      const style = getComputedStyle(element);
      const own = [
        style.backgroundColor, style.backgroundImage, style.opacity, style.filter,
        style.mixBlendMode,
        isMoved(style) ? `alone ${behind.size}` : "",
      ].join();
      const plain = own === "rgba(0, 0, 0, 0),none,1,none,normal,";
      behind.set(element, backdrop(element.parentElement) + (plain ? "" : `/${own}`));
    }
    return behind.get(element);
  };
  const isText = (node) => node.nodeType === Node.TEXT_NODE && node.data.trim();
  const looks = new Map();
  for (const element of document.querySelectorAll("body, body *")) {
    const typed = element.matches("input, select, textarea");
    if (!typed && ![...element.childNodes].some(isText)) continue;
    if (!element.checkVisibility()) continue;
    const style = getComputedStyle(element);
    const control = element.closest("label")?.control ?? element;
    const look = [
      style.color, style.fontSize, style.fontWeight, style.textShadow, control.matches(":disabled"),
      element.closest("[aria-disabled=true], svg") !== null, typed, backdrop(element),
      ...["::before", "::after"].map((part) => getComputedStyle(element, part).content),
    ].join();
    if (!looks.has(look) && !known.includes(look)) looks.set(look, element);
  }
  const rules = { "color-contrast": { enabled: false } };
  // It would else read every stylesheet anew for a rule that isn't among those it applies.
  const preload = { assets: ["media"] };
  const all = await axe.run({ resultTypes: ["violations"], rules, preload });
  const only = { runOnly: ["color-contrast"], resultTypes: ["violations"] };
  const contrast = looks.size ? await axe.run([...looks.values()], only) : { violations: [] };
  const shared = [...looks.keys()].filter((look) => !look.includes("alone"));
  return {
    violations: [...all.violations, ...contrast.violations],
    good: contrast.violations.length ? [] : shared,
  };
}"""

_good_looks: set[str] = set()


def seen_by_axe(page: Page) -> AxeResults:
    """Return what axe finds; a page that was just being left is looked at again once it is there.

    A click comes back before the next page does, and axe then looks at one that goes away.
    """
    page.wait_for_load_state()
    try:
        return _look(page)
    except Error:
        page.wait_for_load_state()
        return _look(page)


def _look(page: Page) -> AxeResults:
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE_SCRIPT)
    found = page.evaluate(LOOK, list(_good_looks))
    _good_looks.update(found["good"])
    return AxeResults(found)
