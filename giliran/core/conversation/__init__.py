"""One conversation, many mouths: what is said, what was heard, and how it fits on a channel."""

from giliran.core.conversation.rendering import MOUTHS, Mouth, screens
from giliran.core.conversation.saying import Choice, Document, Said, Say, Text
from giliran.core.conversation.script import Script, ScriptError, Step, read_script
from giliran.core.conversation.talk import Answer, House, Offered, Outcome, State, reply

__all__ = [
    "MOUTHS",
    "Answer",
    "Choice",
    "Document",
    "House",
    "Mouth",
    "Offered",
    "Outcome",
    "Said",
    "Say",
    "Script",
    "ScriptError",
    "State",
    "Step",
    "Text",
    "read_script",
    "reply",
    "screens",
]
