overdue-title = Su cuenta tiene pagos vencidos
suspended-title = Su cuenta está suspendida
overdue-pay-due = Pague lo pendiente para que su servicio continúe.
overdue-pay-invoices = { $count ->
        [one] Pague la factura vencida { $invoices } para que su servicio continúe.
       *[other] Pague las facturas vencidas { $invoices } para que su servicio continúe.
    }
suspended-pay-due = Pague lo pendiente para restablecer su servicio.
suspended-pay-invoices = { $count ->
        [one] Pague la factura vencida { $invoices } para restablecer su servicio.
       *[other] Pague las facturas vencidas { $invoices } para restablecer su servicio.
    }
in-credit = Saldo a favor
balance-due = Saldo pendiente
pay-now = Pagar ahora
amount-overdue-since = { $amount } vencidos desde el { $date }
paid-ahead = Ha pagado por adelantado. No hay nada que pagar.
nothing-due = No hay nada que pagar.
account-status = Estado de la cuenta
last-invoice = Última factura
last-payment = Último pago
amount-on-date = { $amount } el { $date }
none-yet = Todavía ninguno
open-invoices = Facturas pendientes
all-invoices = Todas las facturas
everything-paid = Todo está pagado
new-invoices-appear = Las facturas nuevas aparecen aquí.
no-invoices = Todavía no hay facturas
first-invoice-appears = Su primera factura aparecerá aquí en cuanto { $merchant } la emita.
recent-payments = Pagos recientes
all-payments = Todos los pagos
no-payments = Todavía no hay pagos
payments-appear = Sus pagos aparecen aquí con sus recibos.
pay = Pagar
pay-invoice-number = Pagar la factura { $number }
overdue-pay-amount = Pague lo vencido, { $amount } en total, para que su servicio continúe.
suspended-pay-amount = Pague lo vencido, { $amount } en total, para restablecer su servicio.
all-open-invoices = Las { $number } facturas pendientes
next-due = Próximo vencimiento
next-autopay = Pago automático
next-charge-amount = Se cobrarán { $amount } el { $date }: { $method }.
next-charge-due = Lo pendiente se cobrará el { $date }: { $method }.
next-charge-installment = Plazo { $number } de { $total }: se cobrarán { $amount } el { $date }: { $method }.
next-charge-retry = { $method } fue rechazado el { $declined }. Lo intentaremos de nuevo el { $date }; si lo prefiere, pague ahora o elija otro método.
next-charge-stopped = { $method } fue rechazado el { $declined } y no se intentará de nuevo por sí solo. Pague ahora o elija otro método.
next-charge-refused = { $method } ya no se puede cobrar. Pague usted mismo o elija otro método.
next-charge-suspended = No se cobra nada mientras su cuenta esté suspendida. Pague usted mismo.
next-charge-none = Las facturas se cobran a su vencimiento: { $method }. Ahora no hay nada que cobrar.
