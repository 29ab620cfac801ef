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
