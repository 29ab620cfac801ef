mail-hello = { $name } 様
mail-open-account = アカウントを開く
mail-why = このメールは { $merchant } のお客様にお送りしています。
mail-invoice = 請求書を PDF で添付いたしました。
mail-order = ご注文ありがとうございます。以下の内容で承りました。
mail-payment = お支払いを確認いたしました。ありがとうございます。
mail-amount-received = 受領額
mail-nothing-left = お支払いは完了しています
