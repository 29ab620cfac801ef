overdue-title = Konto ma zaległości
suspended-title = Konto jest zawieszone
overdue-pay-due = Opłać należności, aby usługa działała dalej.
overdue-pay-invoices = { $count ->
        [one] Opłać zaległą fakturę { $invoices }, aby usługa działała dalej.
        [few] Opłać zaległe faktury { $invoices }, aby usługa działała dalej.
        [many] Opłać zaległe faktury { $invoices }, aby usługa działała dalej.
       *[other] Opłać zaległe faktury { $invoices }, aby usługa działała dalej.
    }
suspended-pay-due = Opłać należności, aby przywrócić usługę.
suspended-pay-invoices = { $count ->
        [one] Opłać zaległą fakturę { $invoices }, aby przywrócić usługę.
        [few] Opłać zaległe faktury { $invoices }, aby przywrócić usługę.
        [many] Opłać zaległe faktury { $invoices }, aby przywrócić usługę.
       *[other] Opłać zaległe faktury { $invoices }, aby przywrócić usługę.
    }
in-credit = Nadpłata
balance-due = Do zapłaty
pay-now = Zapłać teraz
amount-overdue-since = { $amount } po terminie od { $date }
paid-ahead = Jest nadpłata. Nie ma nic do zapłaty.
nothing-due = Nie ma nic do zapłaty.
account-status = Stan konta
last-invoice = Ostatnia faktura
last-payment = Ostatnia płatność
amount-on-date = { $amount }, { $date }
none-yet = Jeszcze brak
open-invoices = Faktury do zapłaty
all-invoices = Wszystkie faktury
everything-paid = Wszystko opłacone
new-invoices-appear = Nowe faktury pojawią się tutaj.
no-invoices = Nie ma jeszcze faktur
first-invoice-appears = Pierwsza faktura pojawi się tutaj, gdy tylko { $merchant } ją wystawi.
recent-payments = Ostatnie płatności
all-payments = Wszystkie płatności
no-payments = Nie ma jeszcze płatności
payments-appear = Dokonane płatności pojawią się tutaj z potwierdzeniami.
pay = Zapłać
pay-invoice-number = Zapłać fakturę { $number }
overdue-pay-amount = Opłać zaległości, łącznie { $amount }, aby usługa działała dalej.
suspended-pay-amount = Opłać zaległości, łącznie { $amount }, aby przywrócić usługę.
all-open-invoices = Wszystkie faktury do zapłaty ({ $number })
next-due = Następny termin
next-autopay = Płatność automatyczna
next-charge-amount = { $amount } zostanie pobrane { $date }: { $method }.
next-charge-due = Należność zostanie pobrana { $date }: { $method }.
next-charge-installment = Rata { $number } z { $total }: { $amount } zostanie pobrane { $date }: { $method }.
next-charge-retry = { $method }: odmowa { $declined }. Spróbujemy ponownie { $date }; można też zapłacić teraz lub wybrać inną metodę.
next-charge-stopped = { $method }: odmowa { $declined }; nie spróbujemy ponownie automatycznie. Zapłać teraz lub wybierz inną metodę.
next-charge-refused = { $method }: nie można już pobierać płatności. Zapłać samodzielnie lub wybierz inną metodę.
next-charge-suspended = Dopóki konto jest zawieszone, nic nie jest pobierane. Zapłać samodzielnie.
next-charge-none = Faktury są opłacane w terminie: { $method }. Obecnie nic nie czeka na pobranie.
