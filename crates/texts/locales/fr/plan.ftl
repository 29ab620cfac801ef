payment-plan = Plan de paiement
payment-plan-intro = Ce que vous devez à { $merchant }, réglé en plusieurs fois.
plan-offered = Proposé
plan-completed = Soldé
plan-ended = Terminé
plan-offer-title = { $merchant } vous propose de payer en plusieurs fois
charged-only-if-owed = Chaque échéance est débitée à sa date sur vos moyens enregistrés, mais jamais plus que ce que vous devez alors.
charged-always = Chaque échéance est débitée à sa date sur vos moyens enregistrés, quel que soit votre solde ; le surplus reste à votre crédit.
installment = Échéance
installments = Échéances
rhythm = Fréquence
first-on = Première le
last-on = Dernière le
every-days = { $count ->
        [one] chaque jour
       *[other] tous les { $count } jours
    }
every-weeks = { $count ->
        [one] chaque semaine
       *[other] toutes les { $count } semaines
    }
every-months = { $count ->
        [one] chaque mois
       *[other] tous les { $count } mois
    }
every-quarters = { $count ->
        [one] chaque trimestre
       *[other] tous les { $count } trimestres
    }
every-years = { $count ->
        [one] chaque année
       *[other] tous les { $count } ans
    }
installments-paid = { $used } échéances sur { $total } réglées
next-installment-label = Prochaine échéance
still-owed = Reste dû
nothing-owed = Rien n’était dû
installment-open = À venir
accept-plan = Accepter le plan de paiement
not-now = Pas maintenant
plan-accepted = Votre plan de paiement a commencé
plan-not-begun = Le plan de paiement n’a pas commencé
plan-changed = L’offre a changé depuis que vous l’avez ouverte. Veuillez la relire.
plan-needs-method = Il est débité sur vos moyens enregistrés. Enregistrez-en d’abord un.
plan-not-offered = Il n’y a plus d’offre à accepter.
offer-expired = La date de la première échéance est passée. Demandez une nouvelle offre à { $merchant }.
plan-waits = Un plan de paiement vous est proposé
plan-runs = Vous payez en plusieurs fois
see-offer = Voir l’offre
see-payment-plan = Voir le plan de paiement
no-payment-plan = Aucun plan de paiement
no-payment-plan-text = Il n’y a rien à régler en plusieurs fois. Si { $merchant } convient d’un plan avec vous, il apparaîtra ici.
