overdue-title = Uw account is achterstallig
suspended-title = Uw account is opgeschort
overdue-pay-due = Betaal wat openstaat zodat uw dienst doorloopt.
overdue-pay-invoices = { $count ->
        [one] Betaal de te late factuur { $invoices } zodat uw dienst doorloopt.
       *[other] Betaal de te late facturen { $invoices } zodat uw dienst doorloopt.
    }
suspended-pay-due = Betaal wat openstaat om uw dienst te herstellen.
suspended-pay-invoices = { $count ->
        [one] Betaal de te late factuur { $invoices } om uw dienst te herstellen.
       *[other] Betaal de te late facturen { $invoices } om uw dienst te herstellen.
    }
in-credit = Tegoed
balance-due = Openstaand bedrag
pay-now = Nu betalen
amount-overdue-since = { $amount } te laat sinds { $date }
paid-ahead = U hebt vooruitbetaald. Er is niets te betalen.
nothing-due = Er is niets te betalen.
account-status = Accountstatus
last-invoice = Laatste factuur
last-payment = Laatste betaling
amount-on-date = { $amount } op { $date }
none-yet = Nog geen
open-invoices = Openstaande facturen
all-invoices = Alle facturen
everything-paid = Alles is betaald
new-invoices-appear = Nieuwe facturen verschijnen hier.
no-invoices = Nog geen facturen
first-invoice-appears = Uw eerste factuur verschijnt hier zodra { $merchant } die opstelt.
recent-payments = Recente betalingen
all-payments = Alle betalingen
no-payments = Nog geen betalingen
payments-appear = Uw betalingen verschijnen hier met hun bonnen.
pay = Betalen
pay-invoice-number = Factuur { $number } betalen
overdue-pay-amount = Betaal wat te laat is, in totaal { $amount }, zodat uw dienst doorloopt.
suspended-pay-amount = Betaal wat te laat is, in totaal { $amount }, om uw dienst te herstellen.
all-open-invoices = Alle { $number } openstaande facturen
next-due = Volgende vervaldatum
next-autopay = Automatische betaling
next-charge-amount = Op { $date } wordt { $amount } afgeschreven: { $method }.
next-charge-due = Op { $date } wordt afgeschreven wat openstaat: { $method }.
next-charge-installment = Termijn { $number } van { $total }: op { $date } wordt { $amount } afgeschreven: { $method }.
next-charge-retry = { $method } is op { $declined } geweigerd. We proberen het op { $date } opnieuw; u kunt ook nu betalen of een andere methode kiezen.
next-charge-stopped = { $method } is op { $declined } geweigerd en wordt niet vanzelf opnieuw geprobeerd. Betaal nu of kies een andere methode.
next-charge-refused = { $method } kan niet meer worden belast. Betaal zelf of kies een andere methode.
next-charge-suspended = Er wordt niets afgeschreven zolang uw account is opgeschort. Betaal zelf.
next-charge-none = Facturen worden op de vervaldatum afgeschreven: { $method }. Nu staat er niets klaar.
