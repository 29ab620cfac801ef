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
overdue-pay-amount = Pague o que está em atraso, { $amount } no total, para que seu serviço continue.
suspended-pay-amount = Pague o que está em atraso, { $amount } no total, para restabelecer seu serviço.
all-open-invoices = Todas as { $number } faturas em aberto
next-due = Próximo vencimento
next-autopay = Pagamento automático
next-charge-amount = { $amount } serão cobrados em { $date }: { $method }.
next-charge-due = O que estiver em aberto será cobrado em { $date }: { $method }.
next-charge-installment = Parcela { $number } de { $total }: { $amount } serão cobrados em { $date }: { $method }.
next-charge-retry = { $method } foi recusado em { $declined }. Tentaremos de novo em { $date }; se preferir, pague agora ou escolha outro método.
next-charge-stopped = { $method } foi recusado em { $declined } e não será tentado de novo automaticamente. Pague agora ou escolha outro método.
next-charge-refused = { $method } não pode mais ser cobrado. Pague por conta própria ou escolha outro método.
next-charge-suspended = Nada é cobrado enquanto sua conta estiver suspensa. Pague por conta própria.
next-charge-none = As faturas são cobradas no vencimento: { $method }. No momento não há nada a cobrar.
