payment-plan = Plano de pagamento
payment-plan-intro = O que você deve a { $merchant }, pago em parcelas.
plan-offered = Oferecido a você
plan-completed = Quitado
plan-ended = Encerrado
plan-offer-title = { $merchant } oferece o pagamento em parcelas
charged-only-if-owed = Cada parcela é cobrada na data nas formas salvas, mas nunca mais do que você dever então.
charged-always = Cada parcela é cobrada na data nas formas salvas, seja qual for o saldo; o excedente vira crédito.
installment = Parcela
installments = Parcelas
rhythm = Frequência
first-on = Primeira em
last-on = Última em
every-days = { $count ->
        [one] a cada dia
       *[other] a cada { $count } dias
    }
every-weeks = { $count ->
        [one] a cada semana
       *[other] a cada { $count } semanas
    }
every-months = { $count ->
        [one] a cada mês
       *[other] a cada { $count } meses
    }
every-quarters = { $count ->
        [one] a cada trimestre
       *[other] a cada { $count } trimestres
    }
every-years = { $count ->
        [one] a cada ano
       *[other] a cada { $count } anos
    }
installments-paid = { $used } de { $total } parcelas concluídas
next-installment-label = Próxima parcela
still-owed = Ainda devido
nothing-owed = Nada era devido
installment-open = A vencer
accept-plan = Aceitar o plano de pagamento
not-now = Agora não
plan-accepted = Seu plano de pagamento começou
plan-not-begun = O plano de pagamento não começou
plan-changed = A oferta mudou desde que você a abriu. Leia novamente.
plan-needs-method = É cobrado nas formas salvas. Salve uma primeiro.
plan-not-offered = Não há mais oferta a aceitar.
offer-expired = A data da primeira parcela passou. Peça uma nova oferta a { $merchant }.
plan-waits = Um plano de pagamento é oferecido a você
plan-runs = Você paga em parcelas
see-offer = Ver a oferta
see-payment-plan = Ver o plano de pagamento
no-payment-plan = Nenhum plano de pagamento
no-payment-plan-text = Não há nada a pagar em parcelas. Se { $merchant } combinar um plano com você, ele aparecerá aqui.
