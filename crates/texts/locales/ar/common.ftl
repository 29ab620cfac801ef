my-account = حسابي
home = الرئيسية
invoices = الفواتير
payments = المدفوعات
account = الحساب
skip-to-content = الانتقال إلى المحتوى
sign-in = تسجيل الدخول
sign-out = تسجيل الخروج
powered-by = مدعوم من BluSynergy
pages = الصفحات
newer = الأحدث
older = الأقدم
rows-of-total = { $first }–{ $last } من { $total }
back = رجوع
back-to-home = العودة إلى الرئيسية
back-to-merchant = العودة إلى { $merchant }
go-on = متابعة
cancel = إلغاء
save = حفظ
error-title = خطأ: { $title }
error-code = خطأ { $code }
reference = المرجع { $reference }
correct-fields = { $count ->
        [one] يرجى تصحيح حقل واحد
        [two] يرجى تصحيح حقلين
        [few] يرجى تصحيح { $count } حقول
        [many] يرجى تصحيح { $count } حقلاً
       *[other] يرجى تصحيح { $count } حقل
    }
column-invoice = الفاتورة
column-payment = الدفعة
column-issued = تاريخ الإصدار
column-due = تاريخ الاستحقاق
column-date = التاريخ
column-status = الحالة
column-method = الطريقة
column-amount = المبلغ
column-balance = الرصيد
column-action = الإجراء
invoice-number = الفاتورة ⁨{ $number }⁩
payment-number = الدفعة { $number }
due-on = تستحق في { $date }
status-outstanding = مستحقة
status-overdue = متأخرة
status-paid = مدفوعة
status-cancelled = ملغاة
status-carried-over = مُرحّلة
status-draft = مسودة
status-pending = قيد المعالجة
status-returned = مرتجعة
status-refund = استرداد
status-refunded = مُستردة
status-credit = رصيد دائن
status-charge = رسم
status-declined = مرفوضة
status-failed = فاشلة
status-active = نشط
status-account-overdue = متأخر
status-suspended = موقوف
status-closed = مغلق
