session-warning-title = まだご利用中ですか？
session-warning-text = 安全のため、あと2分以内に自動的にサインアウトします。
session-final-text = このセッションはこれ以上延長できません。作業を完了してください。
stay-signed-in = サインインしたままにする
session-note = ページを30分間開かないか、8時間が経過すると、サインアウトされます。
token-wrong-title = この方法ではご利用いただけません
token-wrong-text = 移動元のページから、対応できない内容が要求されました。次の内容を{ $merchant }にお知らせください。
