overdue-title = Votre compte est en retard de paiement
suspended-title = Votre compte est suspendu
overdue-pay-due = Payez ce qui est dû pour que votre service continue.
overdue-pay-invoices = { $count ->
        [one] Payez la facture en retard { $invoices } pour que votre service continue.
       *[other] Payez les factures en retard { $invoices } pour que votre service continue.
    }
suspended-pay-due = Payez ce qui est dû pour rétablir votre service.
suspended-pay-invoices = { $count ->
        [one] Payez la facture en retard { $invoices } pour rétablir votre service.
       *[other] Payez les factures en retard { $invoices } pour rétablir votre service.
    }
in-credit = Crédit disponible
balance-due = Solde dû
pay-now = Payer maintenant
amount-overdue-since = { $amount } en retard depuis le { $date }
paid-ahead = Vous avez payé d’avance. Il n’y a rien à payer.
nothing-due = Il n’y a rien à payer.
account-status = Statut du compte
last-invoice = Dernière facture
last-payment = Dernier paiement
amount-on-date = { $amount } le { $date }
none-yet = Aucun pour le moment
open-invoices = Factures à payer
all-invoices = Toutes les factures
everything-paid = Tout est payé
new-invoices-appear = Les nouvelles factures apparaissent ici.
no-invoices = Aucune facture pour le moment
first-invoice-appears = Votre première facture apparaîtra ici dès que { $merchant } l’aura émise.
recent-payments = Derniers paiements
all-payments = Tous les paiements
no-payments = Aucun paiement pour le moment
payments-appear = Vos paiements apparaissent ici avec leurs reçus.
pay = Payer
pay-invoice-number = Payer la facture { $number }
overdue-pay-amount = Payez ce qui est en retard, soit { $amount } au total, pour que votre service continue.
suspended-pay-amount = Payez ce qui est en retard, soit { $amount } au total, pour rétablir votre service.
all-open-invoices = Les { $number } factures à payer
next-due = Prochaine échéance
next-autopay = Paiement automatique
next-charge-amount = { $amount } seront débités le { $date } : { $method }.
next-charge-due = Ce qui est dû sera débité le { $date } : { $method }.
next-charge-installment = Échéance { $number } sur { $total } : { $amount } seront débités le { $date } : { $method }.
next-charge-retry = { $method } a été refusé le { $declined }. Nous réessaierons le { $date } ; vous pouvez aussi payer maintenant ou choisir un autre moyen.
next-charge-stopped = { $method } a été refusé le { $declined } et ne sera pas réessayé automatiquement. Payez maintenant ou choisissez un autre moyen.
next-charge-refused = { $method } ne peut plus être débité. Payez vous-même ou choisissez un autre moyen.
next-charge-suspended = Rien n’est débité tant que votre compte est suspendu. Payez vous-même.
next-charge-none = Les factures sont débitées à leur échéance : { $method }. Rien n’est à débiter pour le moment.
