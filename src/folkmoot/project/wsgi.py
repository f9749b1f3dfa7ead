import os
from importlib import import_module

from django.conf import settings
from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "folkmoot.project.settings")
application = get_wsgi_application()
# read every page's code now: workers then share its memory, and nobody's first request waits for it
import_module(settings.ROOT_URLCONF)
