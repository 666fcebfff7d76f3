/* What pages do better with a script. Everything works without it. ES2019, no inline code. */
(function () {
  'use strict';
  var root = document.documentElement;

  /* large text and high contrast, kept in this browser */
  ['large', 'contrast'].forEach(function (name) {
    if (read('bianque.' + name)) root.classList.add(name);
  });
  function read(key) { try { return localStorage.getItem(key); } catch (e) { return null; } }
  function keep(key, value) {
    try { value === null ? localStorage.removeItem(key) : localStorage.setItem(key, value); } catch (e) { /* private mode */ }
  }

  function ready() {
    document.querySelectorAll('[data-toggle-class]').forEach(function (button) {
      var name = button.getAttribute('data-toggle-class');
      button.hidden = false;
      button.setAttribute('aria-pressed', root.classList.contains(name));
      button.addEventListener('click', function () {
        var on = root.classList.toggle(name);
        button.setAttribute('aria-pressed', on);
        keep('bianque.' + name, on ? '1' : null);
      });
    });
    var summary = document.querySelector('[data-error-summary]');
    if (summary) summary.focus();
    document.querySelectorAll('[data-print]').forEach(function (button) {
      button.hidden = false;
      button.addEventListener('click', function () { window.print(); });
    });
    document.querySelectorAll('[data-copy]').forEach(function (button) {
      if (!navigator.clipboard) return;
      button.hidden = false;
      button.addEventListener('click', function () {
        navigator.clipboard.writeText(button.getAttribute('data-copy')).then(function () {
          button.textContent = button.getAttribute('data-copied');
        });
      });
    });
    document.querySelectorAll('[data-refresh]').forEach(function (node) {
      setInterval(function () {
        if (document.visibilityState === 'visible' && window.htmx) window.htmx.trigger(node, 'refresh');
      }, 1000 * Number(node.getAttribute('data-refresh')));
    });
    if (window.matchMedia('(max-width: 47.99rem)').matches) {
      document.querySelectorAll('details[data-menu]').forEach(function (d) { d.open = false; });
    }
    within(document);
  }

  /* what can also arrive later, by htmx */
  function within(node) {
    node.querySelectorAll('[data-all]').forEach(allBoxes);
    node.querySelectorAll('form[data-draft]').forEach(draft);
    node.querySelectorAll('[data-chart]').forEach(chart);
    node.querySelectorAll('input[type=file][data-preview]').forEach(preview);
    node.querySelectorAll('form').forEach(oncePerClick);
  }

  function allBoxes(box) {
    var form = box.closest('form');
    box.addEventListener('change', function () {
      form.querySelectorAll('input[type=checkbox][name="' + box.getAttribute('data-all') + '"]').forEach(function (one) {
        one.checked = box.checked;
      });
    });
  }

  /* a second click on a button that works does nothing */
  function oncePerClick(form) {
    if (form.method !== 'post') return;
    form.addEventListener('submit', function (event) {
      if (form.getAttribute('data-sent')) { event.preventDefault(); return; }
      form.setAttribute('data-sent', '1');
      setTimeout(function () { form.removeAttribute('data-sent'); }, 5000);
    });
  }

  /* a half-filled form survives a lost line and an ended session */
  function draft(form) {
    var key = 'bianque.draft.' + form.getAttribute('data-draft');
    var note = form.querySelector('[data-draft-note]');
    var kept = read(key);
    if (kept) {
      try { put(form, JSON.parse(kept)); if (note) note.hidden = false; } catch (e) { keep(key, null); }
    }
    form.addEventListener('input', function () { keep(key, JSON.stringify(take(form))); });
    form.addEventListener('change', function () { keep(key, JSON.stringify(take(form))); });
    var drop = form.querySelector('[data-draft-drop]');
    if (drop) {
      drop.addEventListener('click', function () { keep(key, null); window.location.reload(); });
    }
  }
  /* what nobody typed is the page's own: an old key or state put back would make it refused */
  var DRAWN = ['hidden', 'file', 'password', 'submit', 'button'];
  function fields(form) {
    return Array.prototype.filter.call(form.elements, function (one) {
      return one.name && DRAWN.indexOf(one.type) < 0;
    });
  }
  function take(form) {
    return fields(form).map(function (one) {
      return [one.name, one.type === 'checkbox' || one.type === 'radio' ? one.checked : one.value];
    });
  }
  function put(form, kept) {
    fields(form).forEach(function (one, i) {
      if (!kept[i] || kept[i][0] !== one.name) return;
      if (one.type === 'checkbox' || one.type === 'radio') one.checked = kept[i][1];
      else one.value = kept[i][1];
    });
  }
  /* the page that follows a form that went through names its draft */
  document.querySelectorAll('[data-draft-done]').forEach(function (node) {
    keep('bianque.draft.' + node.getAttribute('data-draft-done'), null);
  });

  function preview(input) {
    var place = document.getElementById(input.getAttribute('data-preview'));
    if (!place) return;
    input.addEventListener('change', function () {
      place.textContent = '';
      Array.prototype.forEach.call(input.files, function (file) {
        if (file.type.indexOf('image/') !== 0) return;
        var image = document.createElement('img');
        image.alt = file.name;
        image.src = URL.createObjectURL(file);
        place.appendChild(image);
      });
    });
  }

  /* few labels are all written, in two lines where one is too narrow */
  function category(place, labels) {
    var each = (place.clientWidth - 48) / labels.length;
    var few = { interval: 0, width: each - 2, overflow: 'break', fontSize: 11 };
    return { type: 'category', data: labels, axisLabel: labels.length > 6 ? {} : few };
  }

  var COLOURS = { red: '#d9483f', yellow: '#e8a317', green: '#3d9a5f', grey: '#a9b4ba', brand: '#0d4a5b' };
  var PALETTE = ['#0d4a5b', '#c8702a', '#5b7fa6', '#8a6fae', '#7a8b3c'];
  function chart(holder) {
    if (!window.echarts) return;
    var place = holder.querySelector('.chart');
    var data = JSON.parse(holder.querySelector('script[type="application/json"]').textContent);
    place.hidden = false;
    var drawn = window.echarts.init(place, null, { renderer: 'canvas' });
    drawn.setOption({
      animation: false,
      aria: { enabled: true, decal: { show: true } },
      textStyle: { fontFamily: getComputedStyle(document.body).fontFamily },
      tooltip: { trigger: data.kind === 'pie' ? 'item' : 'axis', renderMode: 'richText' },
      grid: { left: 8, right: 16, top: 16, bottom: 8, containLabel: true },
      xAxis: data.kind === 'pie' ? undefined : (data.across ? { type: 'value' } : category(place, data.labels)),
      yAxis: data.kind === 'pie' ? undefined : (data.across ? { type: 'category', data: data.labels, inverse: true } : { type: 'value' }),
      series: data.series.map(function (one, i) {
        return {
          name: one.name,
          type: data.kind,
          stack: data.stacked ? 'all' : undefined,
          itemStyle: { color: COLOURS[one.colour] || PALETTE[i % PALETTE.length] },
          data: one.numbers
        };
      })
    });
    window.addEventListener('resize', function () { drawn.resize(); });
  }

  if (window.htmx) {
    window.htmx.config.includeIndicatorStyles = false;
    window.htmx.config.allowEval = false;
    window.htmx.config.selfRequestsOnly = true;
    document.addEventListener('htmx:afterSwap', function (event) { within(event.detail.target); });
    document.addEventListener('htmx:beforeSwap', function (event) {
      if (event.detail.xhr.status === 422) { event.detail.shouldSwap = true; event.detail.isError = false; }
    });
  }
  if (document.readyState === 'loading') document.addEventListener('DOMContentLoaded', ready);
  else ready();
})();
