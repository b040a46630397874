"""What gunicorn and the flask command load."""

import sys

from portal.app import create_app
from portal.core.errors import SettingsError

try:
    app = create_app()
except SettingsError as error:
    sys.exit(f"Cài đặt chưa đúng: {error}")
