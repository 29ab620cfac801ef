overdue-title = Il suo account ha pagamenti scaduti
suspended-title = Il suo account è sospeso
overdue-pay-due = Paghi quanto dovuto affinché il servizio continui.
overdue-pay-invoices = { $count ->
        [one] Paghi la fattura scaduta { $invoices } affinché il servizio continui.
       *[other] Paghi le fatture scadute { $invoices } affinché il servizio continui.
    }
suspended-pay-due = Paghi quanto dovuto per riattivare il servizio.
suspended-pay-invoices = { $count ->
        [one] Paghi la fattura scaduta { $invoices } per riattivare il servizio.
       *[other] Paghi le fatture scadute { $invoices } per riattivare il servizio.
    }
in-credit = A credito
balance-due = Saldo dovuto
pay-now = Paga ora
amount-overdue-since = { $amount } scaduti dal { $date }
paid-ahead = Ha pagato in anticipo. Non c’è nulla da pagare.
nothing-due = Non c’è nulla da pagare.
account-status = Stato dell’account
last-invoice = Ultima fattura
last-payment = Ultimo pagamento
amount-on-date = { $amount } il { $date }
none-yet = Ancora nessuno
open-invoices = Fatture aperte
all-invoices = Tutte le fatture
everything-paid = È tutto pagato
new-invoices-appear = Le nuove fatture compaiono qui.
no-invoices = Ancora nessuna fattura
first-invoice-appears = La prima fattura comparirà qui non appena { $merchant } la emetterà.
recent-payments = Pagamenti recenti
all-payments = Tutti i pagamenti
no-payments = Ancora nessun pagamento
payments-appear = I suoi pagamenti compaiono qui con le ricevute.
pay = Paga
pay-invoice-number = Paga la fattura { $number }
overdue-pay-amount = Paghi quanto scaduto, { $amount } in tutto, affinché il servizio continui.
suspended-pay-amount = Paghi quanto scaduto, { $amount } in tutto, per riattivare il servizio.
all-open-invoices = Tutte le { $number } fatture aperte
next-due = Prossima scadenza
next-autopay = Pagamento automatico
next-charge-amount = { $amount } saranno addebitati il { $date }: { $method }.
next-charge-due = Quanto dovuto sarà addebitato il { $date }: { $method }.
next-charge-installment = Rata { $number } di { $total }: { $amount } saranno addebitati il { $date }: { $method }.
next-charge-retry = { $method } è stato rifiutato il { $declined }. Riproveremo il { $date }; se preferisce, paghi ora o scelga un altro metodo.
next-charge-stopped = { $method } è stato rifiutato il { $declined } e non sarà ritentato automaticamente. Paghi ora o scelga un altro metodo.
next-charge-refused = { $method } non può più essere addebitato. Paghi direttamente o scelga un altro metodo.
next-charge-suspended = Nulla viene addebitato finché l’account è sospeso. Paghi direttamente.
next-charge-none = Le fatture sono addebitate alla scadenza: { $method }. Ora non c’è nulla da addebitare.
