"""The site for any WSGI server: ``legato.wsgi:application``. ``legato serve`` needs it not."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "legato.settings")
application = get_wsgi_application()
