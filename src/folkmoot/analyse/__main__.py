import sys

from folkmoot.analyse.command import main

sys.exit(main(sys.argv[1:]))
