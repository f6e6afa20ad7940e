#!/usr/bin/env python
"""What Django is told by."""

import os
import sys

from django.core.management import execute_from_command_line

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "league.settings")
execute_from_command_line(sys.argv)
