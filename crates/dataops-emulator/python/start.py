"""Entry point of a notebook process: `python start.py`, with the request on standard input."""

import os
import sys

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))

from dataops_notebook.process import main

if __name__ == "__main__":
    main(os.path.abspath(__file__))
