from django.contrib.postgres.operations import ValidateConstraint
from django.db import migrations


class Migration(migrations.Migration):
    """Reads the rows that are there, without blocking the table."""

    dependencies = [("access", "0007_roles_for_programs")]

    operations = [ValidateConstraint(model_name="roleassignment", name="role_programs_of_a_site")]
