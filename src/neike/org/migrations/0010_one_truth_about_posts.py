from django.db import migrations


class Migration(migrations.Migration):

    dependencies = [
        ('org', '0009_fill_post_terms'),
    ]

    operations = [
        migrations.RemoveField(model_name='position', name='closed_on'),
        migrations.DeleteModel(name='PositionPast'),
    ]
