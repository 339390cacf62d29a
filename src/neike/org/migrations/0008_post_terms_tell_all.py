import django.db.models.deletion
import neike.kernel.texts.localized
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('org', '0007_reporting_lines_and_posts'),
    ]

    operations = [
        migrations.AlterModelOptions(
            name='postterm',
            options={'ordering': ['position', 'valid_from']},
        ),
        migrations.AddField(
            model_name='position',
            name='imported_from',
            field=models.CharField(blank=True, max_length=64),
        ),
        migrations.AddField(
            model_name='postterm',
            name='title',
            field=neike.kernel.texts.localized.LocalizedTextField(blank=True, default=neike.kernel.texts.localized.LocalizedText, verbose_name='title'),
        ),
        migrations.AddIndex(
            model_name='postterm',
            index=models.Index(fields=['department', 'valid_from'], name='org_post_term_here'),
        ),
    ]
