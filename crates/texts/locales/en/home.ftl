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
