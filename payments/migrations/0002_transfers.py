"""Transfers, sending and the files of a format: the columns. The rows are carried over next, then the rules set."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('documents', '0005_kinds_of_paper'),
        ('funds', '0001_initial'),
        ('payments', '0001_initial'),
        ('registry', '0001_initial'),
        ('workflows', '0002_append_only'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='PaymentFile',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('format_code', models.CharField(max_length=40)),
                ('part', models.CharField(choices=[('payment', '支付文件'), ('control', '控制单')], max_length=8)),
                ('sha256', models.CharField(max_length=64)),
                ('count', models.PositiveIntegerField()),
                ('total_fen', models.BigIntegerField()),
                ('made_at', models.DateTimeField()),
            ],
            options={
                'ordering': ['batch', 'format_code', '-part'],
            },
        ),
        migrations.CreateModel(
            name='Transfer',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('seq', models.PositiveIntegerField()),
                ('reference', models.CharField(max_length=40, unique=True)),
                ('amount_fen', models.BigIntegerField()),
                ('count', models.PositiveIntegerField()),
                ('outcome', models.CharField(choices=[('pending', '待支付'), ('settled', '已支付'), ('returned', '退票'), ('unknown', '结果不明'), ('withdrawn', '已撤出')], default='pending', max_length=10)),
                ('reason_code', models.CharField(blank=True, choices=[('holder_differs', '户名不符'), ('account_wrong', '账号错误'), ('account_closed', '账户已销户'), ('account_frozen', '账户冻结'), ('other', '其他原因')], max_length=16)),
                ('reason', models.CharField(blank=True, max_length=120)),
                ('answered_at', models.DateTimeField(null=True)),
            ],
            options={
                'ordering': ['batch', 'seq'],
            },
        ),
        migrations.RemoveConstraint(
            model_name='batch',
            name='batch_sealed_is_complete',
        ),
        migrations.AddField(
            model_name='batch',
            name='format_code',
            field=models.CharField(blank=True, max_length=40),
        ),
        migrations.AddField(
            model_name='batch',
            name='rows',
            field=models.CharField(choices=[('claim', '每件申报一笔'), ('payee', '每个收款人一笔')], default='claim', max_length=8),
        ),
        migrations.AddField(
            model_name='batch',
            name='sent_at',
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name='batch',
            name='sent_by',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='batch',
            name='sent_format',
            field=models.CharField(blank=True, max_length=40),
        ),
        migrations.AddField(
            model_name='paymentitem',
            name='entered_on',
            field=models.DateField(null=True),
        ),
        migrations.AlterField(
            model_name='batch',
            name='state',
            field=models.CharField(choices=[('opened', '待编制'), ('drafted', '待复核'), ('checked', '待批准'), ('sealed', '已封存待发送'), ('sent', '已发送待回执'), ('answered', '部分回执'), ('closed', '已办结'), ('cancelled', '已撤销')], default='opened', max_length=10),
        ),
        migrations.AlterField(
            model_name='paymentitem',
            name='outcome',
            field=models.CharField(choices=[('pending', '待支付'), ('settled', '已支付'), ('returned', '退票'), ('unknown', '结果不明'), ('withdrawn', '已撤出')], default='pending', max_length=10),
        ),
        migrations.AddField(
            model_name='paymentfile',
            name='batch',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='files', to='payments.batch'),
        ),
        migrations.AddField(
            model_name='paymentfile',
            name='file',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='documents.storedfile'),
        ),
        migrations.AddField(
            model_name='transfer',
            name='account',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='registry.bankaccount'),
        ),
        migrations.AddField(
            model_name='transfer',
            name='batch',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='transfers', to='payments.batch'),
        ),
        migrations.AddField(
            model_name='transfer',
            name='claim',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='workflows.claim'),
        ),
        migrations.AddField(
            model_name='transfer',
            name='reissue_of',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='reissues', to='payments.transfer'),
        ),
        migrations.AddField(
            model_name='paymentitem',
            name='transfer',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='items', to='payments.transfer'),
        ),
        migrations.AddIndex(
            model_name='transfer',
            index=models.Index(fields=['batch', 'outcome'], name='payments_tr_batch_i_b41437_idx'),
        ),
    ]
