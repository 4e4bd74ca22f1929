import type { JSX } from 'preact';
import { useMemo, useState } from 'preact/hooks';
import type { Board } from './board/board.ts';
import type { View } from './board/view.ts';
import { Announcer } from './page/announcer.tsx';
import type { Palette } from './page/palette.ts';
import { usePreferences } from './page/preferences.ts';
import { useShortcuts } from './page/shortcuts.ts';
import { usePalette } from './page/use-palette.ts';
import { useView } from './page/use-view.ts';
import { type ZoomChoice, zoomAround, zoomOf } from './page/zoom-choice.ts';
import { CostPanel } from './panels/cost-panel.tsx';
import { EventsPanel } from './panels/events-panel.tsx';
import { HealthPanel } from './panels/health-panel.tsx';
import { HelpDialog } from './panels/help-dialog.tsx';
import { LayersPanel } from './panels/layers-panel.tsx';
import { PredictionPanel } from './panels/prediction-panel.tsx';
import { ScorePanel } from './panels/score-panel.tsx';
import { StatusStrip } from './panels/status-strip.tsx';
import { WeightsPanel } from './panels/weights-panel.tsx';

const THEMES = { system: 'light', light: 'dark', dark: 'system' } as const;

/** The whole page. */
export function App({ board }: { board: Board }): JSX.Element {
  const [preferences, change] = usePreferences();
  const palette = usePalette(preferences.theme);
  const [isPaused, setPaused] = useState(false);
  const [hasHelp, setHelp] = useState(false);
  const [zoom, setZoom] = useState<ZoomChoice>('all');
  const view = useView(board, isPaused);
  const { theme, scale } = preferences;

  const pause = (): void => setPaused(!isPaused);
  const turnTheme = (): void => change({ theme: THEMES[theme] });
  useShortcuts(
    {
      p: pause,
      t: turnTheme,
      l: () => change({ scale: scale === 'log' ? 'linear' : 'log' }),
      0: () => setZoom('all'),
      f: () => setZoom('newest'),
      '?': () => setHelp(true),
    },
    preferences.hasShortcuts && !hasHelp,
  );

  return (
    <>
      <StatusStrip
        view={view}
        isPaused={isPaused}
        behind={() => Math.max(0, board.step - view.step)}
        age={() => board.age()}
        onPause={pause}
        theme={theme}
        onTheme={turnTheme}
        onHelp={() => setHelp(true)}
      />
      <Panels
        {...{ view, palette, scale, zoom }}
        onScale={(chosen) => change({ scale: chosen })}
        onZoom={setZoom}
      />
      <Announcer view={view} isOn={preferences.isSpoken} />
      <HelpDialog
        isOpen={hasHelp}
        onClose={() => setHelp(false)}
        preferences={preferences}
        onPreferences={change}
      />
    </>
  );
}

interface PanelsProps {
  readonly view: View;
  readonly palette: Palette;
  readonly scale: 'log' | 'linear';
  readonly onScale: (scale: 'log' | 'linear') => void;
  readonly zoom: ZoomChoice;
  readonly onZoom: (zoom: ZoomChoice) => void;
}

/** Panels whose part of the view is as it was are not drawn again. */
function Panels({ view, palette, scale, onScale, zoom, onZoom }: PanelsProps): JSX.Element {
  const { weights, metrics, predictions, model, events, rejections } = view;
  const zoomIn = useMemo(() => zoomOf(zoom, view.costCurve.step), [zoom, view.costCurve.step]);
  const shared = {
    view,
    palette,
    zoom: zoomIn,
    onZoom: (part: typeof zoomIn) => onZoom(part ?? 'all'),
  };
  return (
    <main>
      {useMemo(
        () => (
          <CostPanel {...shared} scale={scale} onScale={onScale} />
        ),
        [view.cost, view.costCurve, events, palette, scale, zoomIn],
      )}
      {useMemo(
        () => (
          <ScorePanel {...shared} />
        ),
        [metrics, view.scoreCurve, palette, zoomIn],
      )}
      {useMemo(
        () => (
          <PredictionPanel view={view} palette={palette} />
        ),
        [predictions, model, palette],
      )}
      {useMemo(
        () => (
          <WeightsPanel weights={weights} palette={palette} />
        ),
        [weights, palette],
      )}
      {useMemo(
        () => (
          <LayersPanel weights={weights} metrics={metrics} />
        ),
        [weights, metrics],
      )}
      {useMemo(
        () => (
          <EventsPanel
            view={view}
            onJump={(step) => onZoom(zoomAround(step, view.costCurve.step))}
          />
        ),
        [events, rejections],
      )}
      <HealthPanel view={view} />
    </main>
  );
}
