payment-plan = Zahlungsplan
payment-plan-intro = Was Sie { $merchant } schulden, in Raten bezahlt.
plan-offered = Ihnen angeboten
plan-completed = Abbezahlt
plan-ended = Beendet
plan-offer-title = { $merchant } bietet Ihnen Ratenzahlung an
charged-only-if-owed = Jede Rate wird an ihrem Tag über Ihre hinterlegten Zahlungsarten bezahlt, aber nie mehr, als Sie dann schulden.
charged-always = Jede Rate wird an ihrem Tag über Ihre hinterlegten Zahlungsarten bezahlt, gleich was Sie dann schulden; was übrig ist, wird Ihr Guthaben.
installment = Rate
installments = Raten
rhythm = Wie oft
first-on = Erste am
last-on = Letzte am
every-days = { $count ->
        [one] jeden Tag
       *[other] alle { $count } Tage
    }
every-weeks = { $count ->
        [one] jede Woche
       *[other] alle { $count } Wochen
    }
every-months = { $count ->
        [one] jeden Monat
       *[other] alle { $count } Monate
    }
every-quarters = { $count ->
        [one] jedes Quartal
       *[other] alle { $count } Quartale
    }
every-years = { $count ->
        [one] jedes Jahr
       *[other] alle { $count } Jahre
    }
installments-paid = { $used } von { $total } Raten erledigt
next-installment-label = Nächste Rate
still-owed = Noch offen
nothing-owed = Nichts war offen
installment-open = Steht bevor
accept-plan = Zahlungsplan annehmen
not-now = Jetzt nicht
plan-accepted = Ihr Zahlungsplan hat begonnen
plan-not-begun = Der Zahlungsplan hat nicht begonnen
plan-changed = Das Angebot hat sich geändert, seit Sie es geöffnet haben. Bitte lesen Sie es noch einmal.
plan-needs-method = Er wird über Ihre hinterlegten Zahlungsarten bezahlt. Speichern Sie zuerst eine.
plan-not-offered = Es gibt kein Angebot mehr, das Sie annehmen könnten.
offer-expired = Der Tag der ersten Rate ist vorbei. Bitten Sie { $merchant } um ein neues Angebot.
plan-waits = Ihnen wird ein Zahlungsplan angeboten
plan-runs = Sie zahlen in Raten
see-offer = Angebot ansehen
see-payment-plan = Zahlungsplan ansehen
no-payment-plan = Kein Zahlungsplan
no-payment-plan-text = Es gibt nichts in Raten zu zahlen. Vereinbart { $merchant } einen Plan mit Ihnen, erscheint er hier.
