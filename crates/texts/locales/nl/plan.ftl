payment-plan = Betalingsregeling
payment-plan-intro = Wat u { $merchant } verschuldigd bent, in termijnen betaald.
plan-offered = Aangeboden
plan-completed = Afbetaald
plan-ended = Beëindigd
plan-offer-title = { $merchant } biedt u betaling in termijnen aan
charged-only-if-owed = Elke termijn wordt op zijn datum via uw opgeslagen betaalwijzen betaald, maar nooit meer dan u dan verschuldigd bent.
charged-always = Elke termijn wordt op zijn datum via uw opgeslagen betaalwijzen betaald, wat u dan ook verschuldigd bent; wat over is, wordt uw tegoed.
installment = Termijn
installments = Termijnen
rhythm = Hoe vaak
first-on = Eerste op
last-on = Laatste op
every-days = { $count ->
        [one] elke dag
       *[other] elke { $count } dagen
    }
every-weeks = { $count ->
        [one] elke week
       *[other] elke { $count } weken
    }
every-months = { $count ->
        [one] elke maand
       *[other] elke { $count } maanden
    }
every-quarters = { $count ->
        [one] elk kwartaal
       *[other] elke { $count } kwartalen
    }
every-years = { $count ->
        [one] elk jaar
       *[other] elke { $count } jaar
    }
installments-paid = { $used } van { $total } termijnen voldaan
next-installment-label = Volgende termijn
still-owed = Nog verschuldigd
nothing-owed = Niets verschuldigd
installment-open = Nog te komen
accept-plan = Betalingsregeling aanvaarden
not-now = Nu niet
plan-accepted = Uw betalingsregeling is begonnen
plan-not-begun = De betalingsregeling is niet begonnen
plan-changed = Het aanbod is gewijzigd sinds u het opende. Lees het opnieuw.
plan-needs-method = Die wordt via uw opgeslagen betaalwijzen betaald. Sla er eerst een op.
plan-not-offered = Er is geen aanbod meer om te aanvaarden.
offer-expired = De datum van de eerste termijn is voorbij. Vraag { $merchant } om een nieuw aanbod.
plan-waits = Er wordt u een betalingsregeling aangeboden
plan-runs = U betaalt in termijnen
see-offer = Aanbod bekijken
see-payment-plan = Betalingsregeling bekijken
no-payment-plan = Geen betalingsregeling
no-payment-plan-text = Er is niets in termijnen te betalen. Spreekt { $merchant } een regeling met u af, dan verschijnt die hier.
