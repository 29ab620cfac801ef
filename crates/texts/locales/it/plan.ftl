payment-plan = Piano di pagamento
payment-plan-intro = Quanto deve a { $merchant }, pagato a rate.
plan-offered = Proposto
plan-completed = Saldato
plan-ended = Terminato
plan-offer-title = { $merchant } Le propone di pagare a rate
charged-only-if-owed = Ogni rata è addebitata alla sua data sui metodi registrati, ma mai più di quanto dovuto in quel momento.
charged-always = Ogni rata è addebitata alla sua data sui metodi registrati, qualunque sia il dovuto; l’eccedenza resta a Suo credito.
installment = Rata
installments = Rate
rhythm = Frequenza
first-on = Prima il
last-on = Ultima il
every-days = { $count ->
        [one] ogni giorno
       *[other] ogni { $count } giorni
    }
every-weeks = { $count ->
        [one] ogni settimana
       *[other] ogni { $count } settimane
    }
every-months = { $count ->
        [one] ogni mese
       *[other] ogni { $count } mesi
    }
every-quarters = { $count ->
        [one] ogni trimestre
       *[other] ogni { $count } trimestri
    }
every-years = { $count ->
        [one] ogni anno
       *[other] ogni { $count } anni
    }
installments-paid = { $used } rate su { $total } completate
next-installment-label = Prossima rata
still-owed = Ancora dovuto
nothing-owed = Nulla era dovuto
installment-open = In arrivo
accept-plan = Accetta il piano di pagamento
not-now = Non ora
plan-accepted = Il Suo piano di pagamento è iniziato
plan-not-begun = Il piano di pagamento non è iniziato
plan-changed = La proposta è cambiata da quando l’ha aperta. La rilegga.
plan-needs-method = Si addebita sui metodi registrati. Ne salvi prima uno.
plan-not-offered = Non c’è più alcuna proposta da accettare.
offer-expired = La data della prima rata è passata. Chieda una nuova proposta a { $merchant }.
plan-waits = Le viene proposto un piano di pagamento
plan-runs = Sta pagando a rate
see-offer = Vedi la proposta
see-payment-plan = Vedi il piano di pagamento
no-payment-plan = Nessun piano di pagamento
no-payment-plan-text = Non c’è nulla da pagare a rate. Se { $merchant } concorda un piano con Lei, comparirà qui.
