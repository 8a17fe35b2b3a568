"""`python -m giliran` is the same as `giliran`."""

from giliran.cli import main

main()
