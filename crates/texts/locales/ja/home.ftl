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
overdue-pay-amount = サービスを継続するため、期限超過分 合計{ $amount } のお支払いをお願いします。
suspended-pay-amount = サービスを再開するため、期限超過分 合計{ $amount } のお支払いをお願いします。
all-open-invoices = 未払いの請求書 全{ $number }件
next-due = 次の支払期限
next-autopay = 自動支払い
next-charge-amount = { $date } に { $amount } を { $method } へ請求します。
next-charge-due = { $date } に支払期限を迎えた分を { $method } へ請求します。
next-charge-installment = 分割払い { $number }/{ $total }回目：{ $date } に { $amount } を { $method } へ請求します。
next-charge-retry = { $declined } に { $method } が拒否されました。{ $date } に再度お試しします。今すぐのお支払いや別の方法の選択も可能です。
next-charge-stopped = { $declined } に { $method } が拒否され、自動では再試行されません。今すぐお支払いいただくか、別の方法をお選びください。
next-charge-refused = { $method } へはこれ以上請求できません。ご自身でお支払いいただくか、別の方法をお選びください。
next-charge-suspended = アカウントの停止中は請求されません。ご自身でお支払いください。
next-charge-none = 請求書は支払期限に { $method } へ請求されます。現在請求予定のものはありません。
