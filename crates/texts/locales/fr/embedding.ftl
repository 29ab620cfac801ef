session-warning-title = Êtes-vous toujours là ?
session-warning-text = Pour votre sécurité, vous serez déconnecté dans moins de deux minutes.
session-final-text = Cette session ne peut pas être prolongée davantage. Veuillez terminer ce que vous avez commencé.
stay-signed-in = Rester connecté
session-note = Vous êtes déconnecté après 30 minutes sans ouvrir de page, et dans tous les cas après 8 heures.
token-wrong-title = Nous ne pouvons pas vous laisser entrer ainsi
token-wrong-text = La page d’où vous venez a demandé quelque chose d’impossible. Veuillez le signaler à { $merchant } :
