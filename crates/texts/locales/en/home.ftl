overdue-title = Your account is overdue
suspended-title = Your account is suspended
overdue-pay-due = Pay what is due so that your service goes on.
overdue-pay-invoices = { $count ->
        [one] Pay the overdue invoice { $invoices } so that your service goes on.
       *[other] Pay the overdue invoices { $invoices } so that your service goes on.
    }
suspended-pay-due = Pay what is due to have your service restored.
suspended-pay-invoices = { $count ->
        [one] Pay the overdue invoice { $invoices } to have your service restored.
       *[other] Pay the overdue invoices { $invoices } to have your service restored.
    }
in-credit = In credit
balance-due = Balance due
pay-now = Pay now
amount-overdue-since = { $amount } is overdue since { $date }
paid-ahead = You have paid ahead. There is nothing to pay.
nothing-due = There is nothing to pay.
account-status = Account status
last-invoice = Last invoice
last-payment = Last payment
amount-on-date = { $amount } on { $date }
none-yet = None yet
open-invoices = Open invoices
all-invoices = All invoices
everything-paid = Everything is paid
new-invoices-appear = New invoices appear here.
no-invoices = No invoices yet
first-invoice-appears = Your first invoice appears here as soon as { $merchant } issues it.
recent-payments = Recent payments
all-payments = All payments
no-payments = No payments yet
payments-appear = Payments you make appear here with their receipts.
pay = Pay
pay-invoice-number = Pay invoice { $number }
overdue-pay-amount = Pay what is overdue, { $amount } in all, so that your service goes on.
suspended-pay-amount = Pay what is overdue, { $amount } in all, to have your service restored.
all-open-invoices = All { $number } open invoices
next-due = Next due
next-autopay = Autopay
next-charge-amount = { $amount } is charged on { $date } to { $method }.
next-charge-due = What is due is charged on { $date } to { $method }.
next-charge-installment = Instalment { $number } of { $total }: { $amount } is charged on { $date } to { $method }.
next-charge-retry = { $method } was declined on { $declined }. We try again on { $date }; pay now or choose another method if you prefer.
next-charge-stopped = { $method } was declined on { $declined } and is not tried again by itself. Please pay now, or choose another method.
next-charge-refused = { $method } can’t be charged any more. Please pay yourself, or choose another method.
next-charge-suspended = Nothing is charged while your account is suspended. Please pay yourself.
next-charge-none = Invoices are charged to { $method } when they are due. Nothing is due to be charged now.
