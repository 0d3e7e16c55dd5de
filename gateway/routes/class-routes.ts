// class-routes.ts: the routes of what the class history says: measurements, promises, advice.

import {
  advice,
  adviceQuery,
  measurements,
  measureQuery,
  sloQuery,
  slos,
  taskEstimate,
} from '../wire/class-schemas.ts';
import { newTask } from '../wire/request-schemas.ts';
import { readAdvice, readEstimate, readMeasurements, readSlos } from './classes.ts';
import { BODY, type Route } from './route.ts';

export const CLASS_ROUTES: readonly Route[] = [
  {
    method: 'get',
    path: '/measurements',
    summary: 'What closed tasks took, by class and path',
    scope: 'tasks:read',
    query: measureQuery,
    answers: { 200: { about: 'Of each class and path that a task has closed of', schema: measurements } },
    problems: ['request_invalid'],
    handle: readMeasurements,
  },
  {
    method: 'get',
    path: '/slo',
    summary: 'Whether classes keep what is promised of them',
    scope: 'tasks:read',
    query: sloQuery,
    answers: { 200: { about: 'Each class; only tasks of the tenant are named', schema: slos } },
    problems: ['request_invalid'],
    handle: readSlos,
  },
  {
    method: 'get',
    path: '/advice',
    summary: 'How requests of a class should be answered',
    scope: 'tasks:read',
    query: adviceQuery,
    answers: { 200: { about: 'Each class, with what it rests on', schema: advice } },
    problems: ['request_invalid'],
    handle: readAdvice,
  },
  {
    method: 'post',
    path: '/estimates',
    summary: 'What a task would take; starts nothing',
    scope: 'tasks:read',
    body: { schema: newTask },
    answers: { 200: { about: 'Ranges, and how many closed tasks say so', schema: taskEstimate } },
    problems: BODY,
    handle: readEstimate,
  },
];
