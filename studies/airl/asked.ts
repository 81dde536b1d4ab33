/** What reward models are asked: answers to choose from, and questions. */
export const MOST = 16;
export const QUESTIONS = 100;
