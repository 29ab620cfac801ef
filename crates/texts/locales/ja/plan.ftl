payment-plan = 分割払い
payment-plan-intro = { $merchant } へのお支払いを分割で行います。
plan-offered = ご提案中
plan-completed = 完済
plan-ended = 終了
plan-offer-title = { $merchant } が分割払いをご提案しています
charged-only-if-owed = 各回分は期日に登録済みのお支払い方法へ請求されます。その時点の未払い額を超えることはありません。
charged-always = 各回分は未払い額にかかわらず期日に登録済みのお支払い方法へ請求されます。超過分は残高としてお預かりします。
installment = 1回分
installments = お支払い回
rhythm = 間隔
first-on = 初回
last-on = 最終回
every-days = { $count ->
       *[other] { $count }日ごと
    }
every-weeks = { $count ->
       *[other] { $count }週間ごと
    }
every-months = { $count ->
       *[other] { $count }か月ごと
    }
every-quarters = { $count ->
       *[other] { $count }四半期ごと
    }
every-years = { $count ->
       *[other] { $count }年ごと
    }
installments-paid = { $total }回中{ $used }回済み
next-installment-label = 次回
still-owed = 未払い額
nothing-owed = お支払いなし
installment-open = 予定
accept-plan = 分割払いに同意する
not-now = 今はしない
plan-accepted = 分割払いを開始しました
plan-not-begun = 分割払いは開始されていません
plan-changed = 表示後に内容が変更されました。もう一度ご確認ください。
plan-needs-method = 登録済みのお支払い方法へ請求されます。先に登録してください。
plan-not-offered = 同意いただけるご提案はもうありません。
offer-expired = 初回の期日を過ぎました。{ $merchant } に新しいご提案をご依頼ください。
plan-waits = 分割払いをご提案しています
plan-runs = 分割払いをご利用中です
see-offer = 内容を見る
see-payment-plan = 分割払いを見る
no-payment-plan = 分割払いはありません
no-payment-plan-text = 分割でのお支払いはありません。{ $merchant } と分割払いのお取り決めがある場合は、ここに表示されます。
