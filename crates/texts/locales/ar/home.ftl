overdue-title = حسابك متأخر عن السداد
suspended-title = حسابك موقوف
overdue-pay-due = ادفع المستحق حتى تستمر خدمتك.
overdue-pay-invoices = { $count ->
        [one] ادفع الفاتورة المتأخرة { $invoices } حتى تستمر خدمتك.
        [two] ادفع الفاتورتين المتأخرتين { $invoices } حتى تستمر خدمتك.
        [few] ادفع الفواتير المتأخرة { $invoices } حتى تستمر خدمتك.
        [many] ادفع الفواتير المتأخرة { $invoices } حتى تستمر خدمتك.
       *[other] ادفع الفواتير المتأخرة { $invoices } حتى تستمر خدمتك.
    }
suspended-pay-due = ادفع المستحق لاستعادة خدمتك.
suspended-pay-invoices = { $count ->
        [one] ادفع الفاتورة المتأخرة { $invoices } لاستعادة خدمتك.
        [two] ادفع الفاتورتين المتأخرتين { $invoices } لاستعادة خدمتك.
        [few] ادفع الفواتير المتأخرة { $invoices } لاستعادة خدمتك.
        [many] ادفع الفواتير المتأخرة { $invoices } لاستعادة خدمتك.
       *[other] ادفع الفواتير المتأخرة { $invoices } لاستعادة خدمتك.
    }
in-credit = رصيد دائن
balance-due = الرصيد المستحق
pay-now = ادفع الآن
amount-overdue-since = { $amount } متأخر منذ { $date }
paid-ahead = لقد دفعت مقدماً. لا يوجد ما يُدفع.
nothing-due = لا يوجد ما يُدفع.
account-status = حالة الحساب
last-invoice = آخر فاتورة
last-payment = آخر دفعة
amount-on-date = { $amount } في { $date }
none-yet = لا يوجد بعد
open-invoices = الفواتير المستحقة
all-invoices = كل الفواتير
everything-paid = كل شيء مدفوع
new-invoices-appear = تظهر الفواتير الجديدة هنا.
no-invoices = لا توجد فواتير بعد
first-invoice-appears = تظهر فاتورتك الأولى هنا فور إصدار { $merchant } لها.
recent-payments = آخر المدفوعات
all-payments = كل المدفوعات
no-payments = لا توجد مدفوعات بعد
payments-appear = تظهر مدفوعاتك هنا مع إيصالاتها.
pay = ادفع
pay-invoice-number = ادفع الفاتورة ⁨{ $number }⁩
overdue-pay-amount = ادفع المتأخر، { $amount } إجمالاً، حتى تستمر خدمتك.
suspended-pay-amount = ادفع المتأخر، { $amount } إجمالاً، لاستعادة خدمتك.
all-open-invoices = كل الفواتير المستحقة ({ $number })
next-due = الاستحقاق التالي
next-autopay = الدفع التلقائي
next-charge-amount = سيُخصم { $amount } في { $date } من { $method }.
next-charge-due = سيُخصم المستحق في { $date } من { $method }.
next-charge-installment = القسط { $number } من { $total }: سيُخصم { $amount } في { $date } من { $method }.
next-charge-retry = رُفضت { $method } في { $declined }. سنحاول مجدداً في { $date }؛ يمكنك أيضاً الدفع الآن أو اختيار طريقة أخرى.
next-charge-stopped = رُفضت { $method } في { $declined } ولن تُعاد المحاولة تلقائياً. ادفع الآن أو اختر طريقة أخرى.
next-charge-refused = لم يعد الخصم من { $method } ممكناً. ادفع بنفسك أو اختر طريقة أخرى.
next-charge-suspended = لا يُخصم أي مبلغ ما دام حسابك موقوفاً. ادفع بنفسك.
next-charge-none = تُخصم الفواتير عند استحقاقها من { $method }. لا يوجد ما يُخصم الآن.
