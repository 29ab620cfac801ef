payment-plan = Plan spłaty
payment-plan-intro = Zobowiązanie wobec { $merchant } spłacane w ratach.
plan-offered = Zaproponowany
plan-completed = Spłacony
plan-ended = Zakończony
plan-offer-title = { $merchant } proponuje płatność w ratach
charged-only-if-owed = Każda rata jest pobierana w swoim dniu z zapisanych metod, ale nigdy więcej, niż wynosi wtedy należność.
charged-always = Każda rata jest pobierana w swoim dniu z zapisanych metod niezależnie od należności; nadwyżka pozostaje na Państwa koncie.
installment = Rata
installments = Raty
rhythm = Jak często
first-on = Pierwsza dnia
last-on = Ostatnia dnia
every-days = { $count ->
        [one] codziennie
        [few] co { $count } dni
        [many] co { $count } dni
       *[other] co { $count } dni
    }
every-weeks = { $count ->
        [one] co tydzień
        [few] co { $count } tygodnie
        [many] co { $count } tygodni
       *[other] co { $count } tygodnie
    }
every-months = { $count ->
        [one] co miesiąc
        [few] co { $count } miesiące
        [many] co { $count } miesięcy
       *[other] co { $count } miesiące
    }
every-quarters = { $count ->
        [one] co kwartał
        [few] co { $count } kwartały
        [many] co { $count } kwartałów
       *[other] co { $count } kwartały
    }
every-years = { $count ->
        [one] co rok
        [few] co { $count } lata
        [many] co { $count } lat
       *[other] co { $count } lata
    }
installments-paid = Wykonane raty: { $used } z { $total }
next-installment-label = Następna rata
still-owed = Pozostało do zapłaty
nothing-owed = Nic nie było należne
installment-open = Nadchodząca
accept-plan = Przyjmij plan spłaty
not-now = Nie teraz
plan-accepted = Plan spłaty został rozpoczęty
plan-not-begun = Plan spłaty nie został rozpoczęty
plan-changed = Oferta zmieniła się od jej otwarcia. Proszę przeczytać ją ponownie.
plan-needs-method = Jest pobierany z zapisanych metod. Proszę najpierw zapisać jedną.
plan-not-offered = Nie ma już oferty do przyjęcia.
offer-expired = Termin pierwszej raty minął. Proszę poprosić { $merchant } o nową ofertę.
plan-waits = Zaproponowano Państwu plan spłaty
plan-runs = Płacą Państwo w ratach
see-offer = Zobacz ofertę
see-payment-plan = Zobacz plan spłaty
no-payment-plan = Brak planu spłaty
no-payment-plan-text = Nie ma nic do zapłaty w ratach. Plan uzgodniony z { $merchant } pojawi się tutaj.
