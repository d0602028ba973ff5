"""Close all descriptors, also those of the report and the shell.

says: "error": "error: 
still: others, class
"""
import os
os.closerange(0, 256)
crossing = "anything"
