# Регистрация, код подтверждения, пароль, соглашения.

register-title = Регистрация
register-step = Шаг { $step } из 3
register-for = После регистрации вы вернётесь на сайт
register-contact = Телефон или электронная почта
register-contact-hint = Пришлём код. Этим же вы будете входить.
register-terms = Принимаю пользовательское соглашение
register-terms-read = Прочитать соглашение
register-privacy = Соглашаюсь на обработку персональных данных
register-privacy-read = Прочитать, как обрабатываются данные
register-get-code = Получить код
register-have-account = Уже зарегистрированы?
register-finish = Завершить регистрацию

code-title = Введите код
code-sent-sms = Мы отправили SMS с кодом на номер
code-sent-email = Мы отправили письмо с кодом и ссылкой на адрес
code-label = Код из сообщения
code-hint = 6 цифр. Код действует до { $time }.
code-tries-left = { $count ->
    [0] Попыток больше нет. Запросите новый код.
    [one] Осталась { $count } попытка.
    [few] Осталось { $count } попытки.
   *[many] Осталось { $count } попыток.
  }
code-missing-title = Код не пришёл?
code-missing-sms = SMS может идти до минуты. Проверьте, верно ли указан номер.
code-missing-email = Загляните в папку «Спам» и проверьте, верно ли указан адрес.
code-resend = Отправить код ещё раз
code-resend-at = Отправить код ещё раз можно после { $time }.
code-resent = Новый код отправлен. Прежний больше не действует.
code-change-contact = Указать другой телефон или почту

link-title = Подтвердите адрес
link-text = Вы открыли ссылку из письма. Нажмите кнопку, чтобы подтвердить адрес и придумать пароль.
link-confirm = Подтвердить и продолжить
link-dead-title = Ссылка не действует
link-dead-text = Она устарела или уже была использована. Начните регистрацию ещё раз – это недолго.
link-dead-again = Начать регистрацию

password-title = Придумайте пароль
password-new = Новый пароль
password-current = Текущий пароль
password-repeat = Новый пароль ещё раз
password-rules-title = Пароль подойдёт, если:
password-rule-length = { $count ->
    [one] в нём не меньше { $count } знака
   *[other] в нём не меньше { $count } знаков
  }
password-rule-kinds = есть строчная и прописная буквы, цифра и особый знак, например ! или ?
password-rule-blanks = нет пробелов
password-rule-runs = нет рядов вроде 1234, abcd, qwerty и трёх одинаковых знаков подряд
password-rule-personal = нет вашего имени, контакта и даты рождения
password-rule-history = { $count ->
    [one] он отличается от последнего пароля
    [few] он отличается от { $count } последних паролей
   *[many] он отличается от { $count } последних паролей
  }
password-rule-breached = его нет среди паролей, известных взломщикам

agreement-version = Версия { $version }
agreement-since = действует с { $date }
accept-title = Условия обновились
accept-text = Чтобы продолжить, прочитайте и примите новую версию.
accept-later = Не сейчас, выйти
