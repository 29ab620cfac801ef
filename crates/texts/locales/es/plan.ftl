payment-plan = Plan de pagos
payment-plan-intro = Lo que debe a { $merchant }, pagado a plazos.
plan-offered = Ofrecido
plan-completed = Pagado
plan-ended = Terminado
plan-offer-title = { $merchant } le ofrece pagar a plazos
charged-only-if-owed = Cada plazo se carga en su fecha a sus métodos guardados, pero nunca más de lo que deba entonces.
charged-always = Cada plazo se carga en su fecha a sus métodos guardados, deba lo que deba; lo que sobre queda a su favor.
installment = Plazo
installments = Plazos
rhythm = Frecuencia
first-on = Primero el
last-on = Último el
every-days = { $count ->
        [one] cada día
       *[other] cada { $count } días
    }
every-weeks = { $count ->
        [one] cada semana
       *[other] cada { $count } semanas
    }
every-months = { $count ->
        [one] cada mes
       *[other] cada { $count } meses
    }
every-quarters = { $count ->
        [one] cada trimestre
       *[other] cada { $count } trimestres
    }
every-years = { $count ->
        [one] cada año
       *[other] cada { $count } años
    }
installments-paid = { $used } de { $total } plazos hechos
next-installment-label = Próximo plazo
still-owed = Pendiente
nothing-owed = No se debía nada
installment-open = Por llegar
accept-plan = Aceptar el plan de pagos
not-now = Ahora no
plan-accepted = Su plan de pagos ha comenzado
plan-not-begun = El plan de pagos no ha comenzado
plan-changed = La oferta ha cambiado desde que la abrió. Léala de nuevo.
plan-needs-method = Se carga a sus métodos guardados. Guarde primero uno.
plan-not-offered = Ya no hay ninguna oferta que aceptar.
offer-expired = La fecha del primer plazo ha pasado. Pida una nueva oferta a { $merchant }.
plan-waits = Se le ofrece un plan de pagos
plan-runs = Paga a plazos
see-offer = Ver la oferta
see-payment-plan = Ver el plan de pagos
no-payment-plan = No hay plan de pagos
no-payment-plan-text = No hay nada que pagar a plazos. Si { $merchant } acuerda un plan con usted, aparecerá aquí.
