"""What a host starts from an unpacked bundle: the server, over standard input and output."""

import sys

from finops_mcp.app import main

if __name__ == "__main__":
    sys.argv[1:] = ["serve"]
    main()
