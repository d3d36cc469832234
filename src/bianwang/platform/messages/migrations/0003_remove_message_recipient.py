from django.db import migrations


class Migration(migrations.Migration):
    """In a migration of its own: PostgreSQL changes no table whose rows were changed in the same transaction."""

    dependencies = [
        ('outbox', '0002_sealed'),
    ]

    operations = [
        migrations.RemoveField(
            model_name='message',
            name='recipient',
        ),
    ]
