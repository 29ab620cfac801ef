payment-plan = Payment plan
payment-plan-intro = What you owe { $merchant }, paid off in installments.
plan-offered = Offered to you
plan-completed = Paid off
plan-ended = Ended
plan-offer-title = { $merchant } offers you to pay in installments
charged-only-if-owed = Each installment is charged to your methods on file on its date, but never more than you owe then.
charged-always = Each installment is charged to your methods on file on its date, whatever you owe then; what is over becomes your credit.
installment = Installment
installments = Installments
rhythm = How often
first-on = First on
last-on = Last on
every-days = { $count ->
        [one] every day
       *[other] every { $count } days
    }
every-weeks = { $count ->
        [one] every week
       *[other] every { $count } weeks
    }
every-months = { $count ->
        [one] every month
       *[other] every { $count } months
    }
every-quarters = { $count ->
        [one] every quarter
       *[other] every { $count } quarters
    }
every-years = { $count ->
        [one] every year
       *[other] every { $count } years
    }
installments-paid = { $used } of { $total } installments done
next-installment-label = Next installment
still-owed = Still owed
nothing-owed = Nothing was owed
installment-open = To come
accept-plan = Accept the payment plan
not-now = Not now
plan-accepted = Your payment plan has begun
plan-not-begun = The payment plan has not begun
plan-changed = The offer has changed since you opened it. Please read it again.
plan-needs-method = It is charged to your methods on file. Save one first.
plan-not-offered = There is no offer to accept any more.
offer-expired = The day of the first installment has passed. Ask { $merchant } for a new offer.
plan-waits = A payment plan is offered to you
plan-runs = You pay in installments
see-offer = See the offer
see-payment-plan = See the payment plan
no-payment-plan = No payment plan
no-payment-plan-text = There is nothing to pay in installments. If { $merchant } agrees on a plan with you, it appears here.
