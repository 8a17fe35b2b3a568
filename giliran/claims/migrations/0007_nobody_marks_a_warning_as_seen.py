from django.db import migrations


class Migration(migrations.Migration):
    """A warning stands until its claim is paid: nobody marks it as seen."""

    dependencies = [("claims", "0006_drafts")]

    operations = [migrations.RemoveField(model_name="warned", name="seen_by")]
