overdue-title = Sua conta está em atraso
suspended-title = Sua conta está suspensa
overdue-pay-due = Pague o que está em aberto para que seu serviço continue.
overdue-pay-invoices = { $count ->
        [one] Pague a fatura vencida { $invoices } para que seu serviço continue.
       *[other] Pague as faturas vencidas { $invoices } para que seu serviço continue.
    }
suspended-pay-due = Pague o que está em aberto para restabelecer seu serviço.
suspended-pay-invoices = { $count ->
        [one] Pague a fatura vencida { $invoices } para restabelecer seu serviço.
       *[other] Pague as faturas vencidas { $invoices } para restabelecer seu serviço.
    }
in-credit = Saldo a favor
balance-due = Saldo a pagar
pay-now = Pagar agora
amount-overdue-since = { $amount } vencidos desde { $date }
paid-ahead = Você pagou adiantado. Não há nada a pagar.
nothing-due = Não há nada a pagar.
account-status = Situação da conta
last-invoice = Última fatura
last-payment = Último pagamento
amount-on-date = { $amount } em { $date }
none-yet = Ainda nenhum
open-invoices = Faturas em aberto
all-invoices = Todas as faturas
everything-paid = Tudo está pago
new-invoices-appear = As novas faturas aparecem aqui.
no-invoices = Ainda não há faturas
first-invoice-appears = Sua primeira fatura aparecerá aqui assim que { $merchant } a emitir.
recent-payments = Pagamentos recentes
all-payments = Todos os pagamentos
no-payments = Ainda não há pagamentos
payments-appear = Seus pagamentos aparecem aqui com os recibos.
pay = Pagar
pay-invoice-number = Pagar a fatura { $number }
