"""What the web server calls for every page."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "giliran.settings")
application = get_wsgi_application()
