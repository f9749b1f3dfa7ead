"""What joins these tables to other rooms' stands with the tables in 0001: the name is kept for instances that have it."""

from django.conf import settings
from django.db import migrations


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('activities', '0001_initial'),
        ('communities', '0001_initial'),
        ('mechanisms', '0001_initial'),
        ('organisations', '0001_initial'),
        ('strategies', '0001_initial'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = []
