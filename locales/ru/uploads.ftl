problem-file-missing = Выберите файл
problem-file-size = Файл больше 5 МБ. Уменьшите его или сделайте снимок с меньшим разрешением
problem-file-not-image = Это не фотография JPEG или PNG. Снимите документ камерой или сохраните в одном из этих форматов
problem-file-not-scan = Это не PDF, JPEG или PNG. Сохраните документ в одном из этих форматов
problem-file-broken = Файл повреждён и не открывается. Сохраните его ещё раз
problem-file-pixels = Слишком большое изображение: не больше 50 мегапикселей
problem-pdf-encrypted = Этот PDF защищён паролем. Сохраните его без защиты
problem-pdf-active = В этом PDF есть программы или вложенные файлы. Сохраните документ как обычный PDF или картинку
problem-files-full = Места для файлов больше нет. Удалите ненужные сканы
problem-consent-unticked = Без согласия фотографии обработать нельзя
uploads-too-many = Сегодня загружено слишком много файлов. Попробуйте снова { $time }
file-size = { $count ->
    [one] { $count } КБ
    [few] { $count } КБ
   *[other] { $count } КБ
  }
