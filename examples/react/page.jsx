import { useState } from 'react';
import { createRoot } from 'react-dom/client';
import { PhotoClassifier } from './PhotoClassifier.jsx';

function Page() {
  const [answer, setAnswer] = useState(null);
  return (
    <main>
      <PhotoClassifier site="what/" onAnswer={setAnswer}>
        Show me a photo
      </PhotoClassifier>
      <output>{answer?.predictions[0].className}</output>
    </main>
  );
}

createRoot(document.getElementById('root')).render(<Page />);
