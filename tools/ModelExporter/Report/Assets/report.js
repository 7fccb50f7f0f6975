(function () {
  'use strict';
  var source = document.getElementById('steps');
  if (!source) { return; }
  var data = JSON.parse(source.textContent);
  var slider = document.getElementById('slider');
  function ratio(a, b) { return b === 0 ? 0 : a / b; }
  // As the page's numbers are written: 15 digits of the double, then four decimals, halves away from zero.
  function rate(value) { return (Math.round(Number((value * 10000).toPrecision(15))) / 10000).toFixed(4); }
  function text(id, value) { document.getElementById(id).textContent = value; }
  function cell(id, count, of) {
    text(id, count);
    document.getElementById(id).style.setProperty('--share', ratio(count, of));
  }
  function move(id, x, y) {
    var mark = document.getElementById(id);
    var place = mark.dataset;
    mark.setAttribute('cx', (Number(place.x0) + x * Number(place.w)).toFixed(1));
    if (y !== null) { mark.setAttribute('cy', (Number(place.y0) - y * Number(place.h)).toFixed(1)); }
  }
  function show(threshold, tp, fp, words) {
    var fn = data.positives - tp, tn = data.negatives - fp;
    var precision = ratio(tp, tp + fp), recall = ratio(tp, data.positives), falseRate = ratio(fp, data.negatives);
    text('t', words);
    slider.setAttribute('aria-valuetext', words);
    cell('tp', tp, data.positives); cell('fn', fn, data.positives);
    cell('fp', fp, data.negatives); cell('tn', tn, data.negatives);
    text('m-accuracy', rate(ratio(tp + tn, data.positives + data.negatives)));
    text('m-precision', rate(precision));
    text('m-recall', rate(recall));
    text('m-specificity', rate(ratio(tn, data.negatives)));
    text('m-f1', rate(ratio(2 * tp, 2 * tp + fp + fn)));
    move('roc-mark', falseRate, recall);
    move('pr-mark', recall, precision);
    move('cut-mark', threshold, null);
  }
  slider.addEventListener('input', function () {
    var i = Number(slider.value);
    show(i / 1000, data.tp[i], data.fp[i], (i / 1000).toFixed(3));
  });
  document.getElementById('reset').addEventListener('click', function () {
    slider.value = Math.round(data.threshold * 1000);
    show(data.threshold, data.tp0, data.fp0, data.text);
  });
  document.getElementById('controls').hidden = false;
}());
