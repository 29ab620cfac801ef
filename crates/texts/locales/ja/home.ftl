overdue-title = お支払いが遅れています
suspended-title = アカウントは停止されています
overdue-pay-due = サービスを継続するため、お支払いをお願いします。
overdue-pay-invoices = { $count ->
       *[other] サービスを継続するため、期限を過ぎた請求書 { $invoices } をお支払いください。
    }
suspended-pay-due = サービスを再開するため、お支払いをお願いします。
suspended-pay-invoices = { $count ->
       *[other] サービスを再開するため、期限を過ぎた請求書 { $invoices } をお支払いください。
    }
in-credit = 預り残高
balance-due = お支払い残高
pay-now = 今すぐ支払う
amount-overdue-since = { $amount } が { $date } から期限超過
paid-ahead = 前払い済みです。お支払いはありません。
nothing-due = お支払いはありません。
account-status = アカウントの状態
last-invoice = 最新の請求書
last-payment = 最新のお支払い
amount-on-date = { $date } に { $amount }
none-yet = まだありません
open-invoices = 未払いの請求書
all-invoices = すべての請求書
everything-paid = すべて支払済みです
new-invoices-appear = 新しい請求書はここに表示されます。
no-invoices = 請求書はまだありません
first-invoice-appears = { $merchant }が発行すると、最初の請求書がここに表示されます。
recent-payments = 最近のお支払い
all-payments = すべてのお支払い
no-payments = お支払いはまだありません
payments-appear = お支払いと領収書がここに表示されます。
pay = 支払う
pay-invoice-number = 請求書 { $number } を支払う
