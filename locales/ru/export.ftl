# Копия всех данных.

export-link = Скачать копию своих данных
export-title = Копия ваших данных
export-about = Здесь можно получить всё, что мы о вас храним: личные данные, контакты, документы, подтверждения, согласия, сеансы, историю входов, журнал и уведомления. Файл создаётся сразу и нигде не сохраняется. Если вы входили давно, сначала попросим войти ещё раз.
export-files-about = Сканы и фотографии перечислены с размерами; сами файлы скачиваются в разделе «Документы». Храните копию в надёжном месте: в ней все ваши данные.
export-most = { $count ->
    [one] Можно получить { $count } копию в день. О каждой придёт сообщение.
    [few] Можно получить { $count } копии в день. О каждой придёт сообщение.
   *[many] Можно получить { $count } копий в день. О каждой придёт сообщение.
  }
export-pdf = Скачать PDF для чтения
export-json = Скачать JSON для программ
export-limit = На сегодня копий достаточно. Следующую можно получить после { $time }.
export-made-at = Составлено { $time }
export-nothing = Записей нет
export-confirmed = подтверждён
export-declared = не подтверждён
export-field = Что
export-value = Значение
export-residence = Адрес проживания
export-level = Уровень учётной записи
export-created = Учётная запись создана
export-zone = Часовой пояс
export-personal = Личные данные
export-agreements = Принятые документы
export-evidence = Подтверждения личности
export-sent = Последние заявки на подтверждение
export-documents = Документы
export-files = Файлы
export-consents = Согласия
export-links = Банки и подписи для входа
export-sessions = Открытые сеансы
export-devices = Запомненные браузеры
export-sign-ins = История входов
export-journal = Журнал действий
export-notices = Уведомления
export-when = Когда
export-what = Что
export-text = Текст
export-document = Документ
export-version = Версия
export-source = Источник
export-given-by = Кем
export-until = Действует до
export-withdrawn = Отозвано
export-closed = Завершена
export-number = Номер
export-issued-on = Дата выдачи
export-issued-by = Кем выдан
export-state = Проверка
export-replaced = Заменён
export-size = Размер
export-bytes = { $size } байт
export-scopes = Какие данные
export-last-use = Последнее использование
export-began = Начало
export-source-registry = Государственные реестры
export-source-centre = Центр обслуживания
export-source-bank = Банк
export-source-letter = Заказное письмо
export-source-signature = Квалифицированная подпись
export-source-photographs = Фотографии
export-sent-data = Проверка данных по реестрам
export-sent-visit = Визит в центр обслуживания
export-sent-letter = Заказное письмо
export-sent-photographs = Проверка по фотографиям

action-data-exported = Получена копия данных
message-data-exported-subject = Получена копия ваших данных
message-data-exported-text = { $time } из вашего кабинета скачали копию всех ваших данных. Если это сделали не вы, смените пароль и завершите чужие сеансы.
message-data-exported-sms = «Пропуск»: скачана копия ваших данных. Не вы? Смените пароль и завершите чужие сеансы.
export-author = Кто написал
export-by-support = Поддержка
export-by-you = Вы
